// What the page's root element says about this room.
const root = document.getElementById("room");

const given = (name: string) => root?.dataset[name] ?? "";

export const page = {
  root,
  number: given("number"),
  socket: given("socket"),
  upload: given("upload"),
  paste: given("paste"),
  home: given("home"),
  csrf: given("csrf"),
};
