// Hides the canvas component's own toolbar. It lies over the canvas and is invisible until the mouse is there: on a phone
// a tap on it clears the drawing, and a stroke that begins on it is lost. The app has buttons of its own below.
const HIDDEN = new CSSStyleSheet();
HIDDEN.replaceSync(".dc-toolbar { display: none !important; }");  // important: its own style sets display

export default function (component) {
    const {data, parentElement} = component;
    parentElement.stopLooking?.();
    let frame = 0;

    function look() {
        cancelAnimationFrame(frame);
        const place = document.querySelector(`.st-key-${data.canvas}`);
        if (!place) return;
        const root = [...place.querySelectorAll("*")].find((element) => element.shadowRoot)?.shadowRoot;
        if (!root) frame = requestAnimationFrame(look);  // the canvas gets its root a little later
        else if (!root.adoptedStyleSheets.includes(HIDDEN)) root.adoptedStyleSheets.push(HIDDEN);
    }

    const observer = new MutationObserver(look);
    observer.observe(document.body, {childList: true, subtree: true});
    look();
    function stop() {
        observer.disconnect();
        cancelAnimationFrame(frame);
    }

    parentElement.stopLooking = stop;
    return stop;
}
