"use strict";
// Text and nodes point at each other by the numbers in data-n; a click holds what hovering shows.
const all = (selector) => Array.from(document.querySelectorAll(selector));
const texts = new Map();
for (const part of all("code [data-n], .note[data-n]")) {
  for (const number of part.dataset.n.split(" ").filter(Boolean)) {
    if (!texts.has(number)) texts.set(number, []);
    texts.get(number).push(part);
  }
}
const numbers = (element) => {
  const node = element.closest(".node");
  if (node) return [node.id.slice(1)];
  const part = element.closest("[data-n]");
  return part ? part.dataset.n.split(" ").filter(Boolean) : [];
};
let held = null;
const clear = () => all(".on").forEach((element) => element.classList.remove("on"));
const show = (element) => {
  clear();
  const [first, ...around] = numbers(element);
  if (first === undefined) return;
  const inNode = element.closest(".node");
  const nodes = inNode || !element.closest(".note") ? [first] : [first, ...around];
  for (const number of nodes) {
    const node = document.getElementById("n" + number);
    if (node) node.classList.add("on");
    for (const part of texts.get(number) || []) {
      if (inNode || part.dataset.n.split(" ")[0] === number) part.classList.add("on");
    }
  }
};
const visible = (element) => element.offsetParent !== null;
const bring = (element) => {
  if (element) element.scrollIntoView({ block: "center", behavior: "instant" });
};
const other = (element) => {
  const [first] = numbers(element);
  if (first === undefined) return;
  if (element.closest(".node")) bring((texts.get(first) || []).find(visible));
  else bring(document.getElementById("n" + first));
};
const hold = (element) => {
  held = element;
  show(element);
  other(element);
};
document.addEventListener("mouseover", (event) => {
  if (!held && event.target.closest("[data-n], .node")) show(event.target);
});
document.addEventListener("mouseout", () => {
  if (!held) clear();
});
document.addEventListener("focusin", (event) => {
  if (!held && event.target.closest("[data-n], .node")) show(event.target);
});
const toPlace = (link) => {
  const start = Number(link.dataset.s);
  const file = all(".file").find((section) => section.dataset.file === link.dataset.d);
  if (!file) return;
  const parts = Array.from(file.querySelectorAll("code [data-s]"));
  bring(parts.find((part) => Number(part.dataset.e) > start) || parts.at(-1));
};
document.addEventListener("click", (event) => {
  const link = event.target.closest("a.place");
  const target = event.target.closest("[data-n], .node");
  if (link) {
    event.preventDefault();
    held = link.closest(".node");
    show(held);
    toPlace(link);
  } else if (target) {
    if (!event.target.closest("summary, details")) {
      event.preventDefault();
      hold(event.target);
    }
  } else if (!event.target.closest("header")) {
    held = null;
    clear();
  }
});
document.addEventListener("keydown", (event) => {
  const at = document.activeElement;
  if (event.key === "Escape") {
    held = null;
    clear();
  } else if (event.key === "Enter" && at && at.matches(".node, .note")) {
    hold(at);
  } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && at && at.matches(".node, code [data-n]")) {
    const row = all(at.matches(".node") ? ".node" : "code [data-n]").filter(visible);
    const next = row[row.indexOf(at) + (event.key === "ArrowDown" ? 1 : -1)];
    if (next) {
      event.preventDefault();
      held = null;
      next.focus();
    }
  }
});
for (const input of all("input[name=filter]")) {
  input.addEventListener("change", () => {
    document.body.dataset.filter = input.value;
  });
  if (input.checked) document.body.dataset.filter = input.value;
}
document.body.dataset.ready = "yes";
if (location.hash) bring(document.querySelector(location.hash));
