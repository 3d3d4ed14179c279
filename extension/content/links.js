// Marks links to bait: when they are pointed at or focused, or all of them. Asks the service worker
// alone, which looks them up by hash prefix; the page learns nothing but a mark behind a link.

(() => {
  const GATHER_MS = 60;
  const PIECE = 200;

  // By address: a kind of bait, or null. What is waiting to be asked has no entry.
  const known = new Map();
  const waiting = new Set();
  const marked = new WeakSet();
  let words = {};
  let timer = 0;

  const isLink = (element) => /^https?:$/.test(element.protocol ?? "");

  async function ask(urls) {
    const answer = await chrome.runtime.sendMessage({ type: "links", urls }).catch(() => null);
    if (!answer) return null;
    words = answer.words;
    urls.forEach((url, at) => {
      // Of what is unknown now more may be known when it is pointed at again.
      if (answer.told[at] !== "unknown") known.set(url, answer.told[at]);
    });
    return answer;
  }

  function gather(links) {
    for (const link of links) {
      if (!isLink(link)) continue;
      const kind = known.get(link.href);
      if (kind) mark(link, kind);
      else if (kind === undefined) waiting.add(link);
    }
    if (waiting.size && !timer) timer = setTimeout(flush, GATHER_MS);
  }

  async function flush() {
    timer = 0;
    const links = [...waiting];
    waiting.clear();
    await ask([...new Set(links.map((link) => link.href))]);
    await inPieces(links, (link) => {
      const kind = known.get(link.href);
      if (kind) mark(link, kind);
    });
  }

  function mark(link, kind) {
    if (marked.has(link) || !link.isConnected) return;
    marked.add(link);
    const sign = document.createElement("span");
    sign.setAttribute("role", "note");
    // Closed, so that the page's styles and scripts leave it as it is.
    const shadow = sign.attachShadow({ mode: "closed" });
    const text = document.createElement("span");
    text.textContent = `⚠ ${words[kind]}`;
    text.style.cssText =
      "all:initial;display:inline-block;margin-inline:.3em;padding:0 .4em;border-radius:.3em;" +
      "font:600 12px/1.5 system-ui,sans-serif;color:#fff;background:#b3261e";
    shadow.append(text);
    link.after(sign);
  }

  // Long work in pieces between frames: a page with thousands of links must stay smooth.
  async function inPieces(items, act) {
    for (let start = 0; start < items.length; start += PIECE) {
      await new Promise((resume) => requestIdleCallback(resume, { timeout: 500 }));
      items.slice(start, start + PIECE).forEach(act);
    }
  }

  function watchPointing() {
    const onPoint = (event) => {
      const link = event.target?.closest?.("a[href]");
      if (link) gather([link]);
    };
    document.addEventListener("pointerover", onPoint, { passive: true });
    document.addEventListener("focusin", onPoint);
  }

  async function watchAll() {
    gather(document.querySelectorAll("a[href]"));
    const added = new MutationObserver((changes) => {
      for (const { addedNodes } of changes) {
        for (const node of addedNodes) {
          if (node.matches?.("a[href]")) gather([node]);
          else if (node.firstElementChild) gather(node.querySelectorAll("a[href]"));
        }
      }
    });
    added.observe(document.documentElement, { childList: true, subtree: true });
  }

  ask([]).then((answer) => {
    if (answer?.mark === "all") watchAll();
    else if (answer?.mark === "pointed") watchPointing();
  });
})();
