// Keeps the chapter that the address names in place while the page above it is still growing, until the visitor moves.
const MOVES = ["wheel", "touchstart", "pointerdown", "keydown"];

export default function ({parentElement}) {
    if (parentElement.led === location.hash) return undefined;  // once for each address
    parentElement.led = location.hash;
    const chapter = location.hash && document.getElementById(location.hash.slice(1));
    const page = chapter && chapter.closest("[data-testid='stMainBlockContainer']");
    if (!page) return undefined;
    const observer = new ResizeObserver(() => chapter.scrollIntoView());
    function stop() {
        observer.disconnect();
        for (const kind of MOVES) window.removeEventListener(kind, stop, true);
    }

    observer.observe(page);
    for (const kind of MOVES) window.addEventListener(kind, stop, {capture: true, passive: true});
    return stop;
}
