"use strict";
// What is long stands in sections as text, and becomes elements when it comes near to sight or is asked for.
// Text and nodes point at each other by the numbers in data-n; a click holds what hovering shows.
const all = (selector, within = document) => Array.from(within.querySelectorAll(selector));
const groups = all(".group");
const files = all(".file");
const fill = (section) => {
  const text = section && section.querySelector(':scope > script[type="text/html"]');
  if (text) {
    text.insertAdjacentHTML("beforebegin", text.textContent);
    text.remove();
    section.classList.add("full");
  }
  return section;
};
const near = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (isIntersecting) {
      near.unobserve(target);
      fill(target);
    }
  }
}, { rootMargin: "600px" });
for (const section of [...files, ...groups]) near.observe(section);

// Names are read when they are searched or a link is followed, not before.
let known = null;
const names = () => {
  if (!known) {
    const list = JSON.parse(document.getElementById("names").textContent);
    known = {
      numbers: new Map(list.map(([anchor], number) => [anchor, number])),
      list: list.map(([anchor, name, other]) => ({ anchor, name, other, text: (name + " " + other).toLowerCase() })),
    };
  }
  return known;
};
const groupOf = (number) => {
  let [low, high] = [0, groups.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (Number(groups[middle].dataset.first) <= number) low = middle;
    else high = middle - 1;
  }
  return groups[low];
};
const nodeAt = (number) => {
  const group = fill(groupOf(number));
  return group && group.querySelector(`[data-node="${number}"]`);
};
const textsOf = (number) => all(`.line [data-n~="${number}"]`);

const numbersOf = (element) => {
  const node = element.closest(".node");
  if (node) return [node.dataset.node];
  const part = element.closest("[data-n]");
  return part ? part.dataset.n.split(" ").filter(Boolean) : [];
};
let held = null;
const clear = () => all(".on").forEach((element) => element.classList.remove("on"));
const show = (element) => {
  clear();
  const [first, ...around] = numbersOf(element);
  if (first === undefined) return;
  const inNode = element.closest(".node");
  const shown = inNode || !element.closest(".note") ? [first] : [first, ...around];
  for (const number of shown) {
    const node = document.querySelector(`[data-node="${number}"]`);
    if (node) node.classList.add("on");
    for (const part of textsOf(number)) {
      if (inNode || part.dataset.n.split(" ")[0] === number) part.classList.add("on");
    }
  }
};
const visible = (element) => element.getClientRects().length > 0;
// Sections above may grow as they come into sight, so that the second time is right.
const bring = (element) => {
  if (!element) return;
  const scroll = () => element.scrollIntoView({ block: "center", behavior: "instant" });
  scroll();
  requestAnimationFrame(() => requestAnimationFrame(scroll));
};
const toPlace = (link) => {
  const file = fill(files.find((section) => section.dataset.document === link.dataset.d));
  if (!file) return;
  const start = Number(link.dataset.s);
  const parts = all(".line [data-s]", file);
  bring(parts.find((part) => Number(part.dataset.e) > start) || parts.at(-1));
};
const other = (element) => {
  const [first] = numbersOf(element);
  const node = element.closest(".node");
  if (first === undefined) return;
  if (node) {
    const place = node.querySelector("a.place");
    const text = textsOf(first).find(visible);
    if (text) bring(text);
    else if (place) toPlace(place);
  } else bring(nodeAt(first));
};
const hold = (element) => {
  held = element;
  other(element);
  show(element);
};
const decoded = (text) => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};
const follow = () => {
  const anchor = location.hash.slice(1);
  const number = names().numbers.get(decoded(anchor)) ?? names().numbers.get(anchor);
  const node = number === undefined ? null : nodeAt(number);
  if (!node) return;
  if (!visible(node)) filter("all");
  bring(node);
  hold(node);
};
const filter = (name) => {
  document.body.dataset.filter = name;
  for (const button of all(".filter")) button.setAttribute("aria-pressed", String(button.value === name));
  if (name === "all") return;
  const group = fill(groups.find((section) => section.classList.contains(name)));
  const node = group && group.querySelector(".node." + name);
  if (node) hold(node), bring(node);
};

const search = document.getElementById("search");
const matches = document.getElementById("matches");
const MOST = 60;
let current = -1;
const go = (index) => {
  const links = all("a", matches);
  if (!links.length) return;
  current = (index + links.length) % links.length;
  links.forEach((link, at) => link.classList.toggle("current", at === current));
  links[current].scrollIntoView({ block: "nearest" });
  history.replaceState(null, "", links[current].hash);
  follow();
};
const find = () => {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  matches.hidden = !words.length;
  document.getElementById("all").hidden = Boolean(words.length);
  matches.replaceChildren();
  current = -1;
  if (!words.length) return;
  const found = names().list.filter(({ text }) => words.every((word) => text.includes(word)));
  const whole = search.value.trim().toLowerCase();
  const rank = ({ name }) => (name.toLowerCase() === whole ? 0 : name.toLowerCase().startsWith(whole) ? 1 : 2);
  found.sort((one, another) => rank(one) - rank(another) || one.name.length - another.name.length);
  const item = (content, ...inside) => {
    const entry = document.createElement("li");
    entry.append(content, ...inside);
    return entry;
  };
  for (const { anchor, name, other: also } of found.slice(0, MOST)) {
    const link = document.createElement("a");
    link.href = "#" + encodeURIComponent(anchor);
    link.textContent = name;
    const small = document.createElement("small");
    small.textContent = " " + also;
    matches.append(item(link, small));
  }
  const count = found.length > MOST ? `${MOST} of ${found.length} names` : `${found.length} names`;
  matches.append(item(count));
  go(0);
};
search.addEventListener("input", find);
search.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, Enter: 1, ArrowUp: -1 }[event.key];
  if (step) {
    event.preventDefault();
    go(current + step);
  }
});

document.addEventListener("mouseover", (event) => {
  if (!held && event.target.closest("[data-n], .node")) show(event.target);
});
document.addEventListener("mouseout", () => {
  if (!held) clear();
});
document.addEventListener("focusin", (event) => {
  if (!held && event.target.closest("[data-n], .node")) show(event.target);
});
document.addEventListener("click", (event) => {
  const link = event.target.closest("a.place");
  const target = event.target.closest("[data-n], .node");
  if (event.target.closest("a.anchor, #outline")) {
    // The address changes, and `follow` shows it; a second click on the same name as well.
    const same = event.target.closest("a");
    if (same && same.hash === location.hash) follow();
  } else if (link) {
    event.preventDefault();
    held = link.closest(".node");
    toPlace(link);
    show(held);
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
// The next of its kind that can be seen, in this section or in one after it.
const beside = (element, selector, step) => {
  const kin = element.closest(".group") ? groups : files;
  for (let section = element.closest(".group, .file"); section; section = kin[kin.indexOf(section) + step]) {
    const row = all(selector, fill(section)).filter(visible);
    const at = section.contains(element) ? row.indexOf(element) + step : step > 0 ? 0 : row.length - 1;
    if (row[at]) return row[at];
  }
  return null;
};
document.addEventListener("keydown", (event) => {
  const at = document.activeElement;
  const arrow = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.key === "Escape") {
    held = null;
    clear();
    if (search.value) {
      search.value = "";
      find();
    }
    if (at === search) search.blur();
  } else if (event.key === "/" && at !== search) {
    event.preventDefault();
    search.focus();
  } else if (event.key === "Enter" && at && at.matches(".node, .note")) {
    hold(at);
  } else if (arrow && at && at.matches(".node, .line [data-n]")) {
    const next = beside(at, at.matches(".node") ? ".node" : ".line [data-n]", arrow);
    if (next) {
      event.preventDefault();
      held = null;
      next.focus();
    }
  }
});
for (const button of all(".filter")) button.addEventListener("click", () => filter(button.value));
addEventListener("hashchange", follow);
document.body.dataset.ready = "yes";
if (location.hash) follow();
