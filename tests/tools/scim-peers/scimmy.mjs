// scimmy over a directory in memory, with an index of user names: `node scimmy.mjs PORT`, on 127.0.0.1.
import { randomUUID } from "node:crypto";
import express from "express";
import SCIMMY from "scimmy";
import SCIMMYRouters from "scimmy-routers";

const users = new Map();
const names = new Map();

const missing = (id) => new SCIMMY.Types.Error(404, null, `no user ${id}`);

SCIMMY.Resources.declare(SCIMMY.Resources.User, {
  egress: (resource) => {
    if (resource.id) {
      if (!users.has(resource.id)) throw missing(resource.id);
      return users.get(resource.id);
    }
    const all = (id) => (id ? [users.get(id)] : []);
    const [only, ...others] = resource.filter ?? [];
    const [operator, value] = only?.userName ?? [];
    if (operator === "eq" && others.length === 0) return all(names.get(value.toLowerCase()));
    const listed = [...users.values()];
    return resource.filter ? resource.filter.match(listed) : listed;
  },
  ingress: (resource, data) => {
    const id = resource.id ?? randomUUID();
    const before = users.get(id);
    if (resource.id && !before) throw missing(id);
    const name = data.userName.toLowerCase();
    if ((names.get(name) ?? id) !== id) throw new SCIMMY.Types.Error(409, "uniqueness", "the user name is taken");
    if (before) names.delete(before.userName.toLowerCase());
    const now = new Date();
    const user = { ...data, id, meta: { created: before?.meta.created ?? now, lastModified: now } };
    users.set(id, user);
    names.set(name, id);
    return user;
  },
  degress: (resource) => {
    if (!users.has(resource.id)) throw missing(resource.id);
    names.delete(users.get(resource.id).userName.toLowerCase());
    users.delete(resource.id);
  },
});

const app = express();
app.use("/", new SCIMMYRouters({ type: "bearer", handler: () => "load" }));
app.listen(Number(process.argv[2]), "127.0.0.1");
