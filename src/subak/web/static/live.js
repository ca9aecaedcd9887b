// Replaces the parts of the page that the server sends anew. The page is whole
// without it; what it replaces was rendered by the server.
"use strict";
(() => {
  const address = document.body.dataset.stream;
  if (!address || !("EventSource" in window)) return;
  const lost = document.getElementById("live-lost");
  const announce = document.getElementById("live-announce");

  // What a person has opened, scrolled or focused stays as it was.
  const remember = (part) => ({
    key: part.contains(document.activeElement) ? document.activeElement.dataset.key : "",
    open: [...part.querySelectorAll("details")].map((one) => one.open),
    left: [...part.querySelectorAll(".scroll")].map((one) => one.scrollLeft),
  });
  const restore = (part, before) => {
    part.querySelectorAll("details").forEach((one, n) => { one.open = before.open[n] ?? one.open; });
    part.querySelectorAll(".scroll").forEach((one, n) => { one.scrollLeft = before.left[n] ?? 0; });
    if (!before.key) return;
    const same = [...part.querySelectorAll("[data-key]")].find((one) => one.dataset.key === before.key);
    if (same) same.focus({ preventScroll: true });
  };
  const replace = (name, html) => {
    const part = document.querySelector(`[data-live="${CSS.escape(name)}"]`);
    if (!part) return;
    const before = remember(part);
    part.innerHTML = html;
    restore(part, before);
  };

  const source = new EventSource(address);
  source.addEventListener("change", (event) => {
    const change = JSON.parse(event.data);
    for (const [name, html] of Object.entries(change.fragments)) replace(name, html);
    if (announce && announce.textContent !== change.say) announce.textContent = change.say;
    if (change.title) document.title = change.title;
  });
  source.addEventListener("open", () => { if (lost) lost.hidden = true; });
  source.addEventListener("error", () => { if (lost) lost.hidden = false; });
})();
