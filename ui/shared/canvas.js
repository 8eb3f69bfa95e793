// Makes the canvas component fit this app.
// It hides the component's own toolbar: that lies over the canvas and is invisible until the mouse is there, so on a phone
// a tap on it clears the drawing, and a stroke that begins on it is lost. The app has buttons of its own below.
// It has each stroke sent when the pen is lifted: by itself the component waits for 200 ms, in which a click on a button or
// link would come before the stroke. And from a click on a button that replaces the drawing until the new one is here it
// takes no strokes, as they would be lost with the old drawing, and is pale, so that one sees it.
// It says what the canvas is to who cannot see it, and counts the strokes: Python does not send the canvas anew for each.
const HIDDEN = new CSSStyleSheet();
HIDDEN.replaceSync(".dc-toolbar { display: none !important; }");  // important: its own style sets display
const LOCKED = {pointerEvents: "none", opacity: 0.5}, OPEN = {pointerEvents: "", opacity: ""};
const SEND = '.dc-toolbar button[aria-label^="Update the app"]';

export default function (component) {
    const {data, parentElement} = component;
    parentElement.stopListening?.();
    let frame = 0, drawing = false;
    const known = JSON.stringify([data.nonce, data.picture, data.strokes]);
    if (parentElement.known !== known) Object.assign(parentElement, {known, more: 0});  // strokes that Python may not know
    const place = () => document.querySelector(`.st-key-${data.canvas}`);
    const root = () => [...(place()?.querySelectorAll("*") ?? [])].find((element) => element.shadowRoot)?.shadowRoot;

    function look() {
        cancelAnimationFrame(frame);
        if (!place()) return;
        const found = root(), canvas = found?.querySelector("canvas.upper-canvas");
        if (!canvas) frame = requestAnimationFrame(look);  // the component gets its root and its canvas a little later
        if (found && !found.adoptedStyleSheets.includes(HIDDEN)) found.adoptedStyleSheets.push(HIDDEN);
        if (canvas) name(canvas, "img", `${data.name}, ${content()}`);
        name(document.querySelector(`.st-key-${data.group}`), "group", data.name);
    }

    function content() {
        const strokes = data.strokes + parentElement.more;
        const drawn = strokes && `${strokes} ${strokes === 1 ? "stroke" : "strokes"}`;
        return [data.picture, drawn].filter(Boolean).join(" and ") || "blank";
    }

    function begin(event) {
        drawing = event.composedPath().includes(place());
    }

    function end() {
        if (drawing) {
            setTimeout(() => root()?.querySelector(SEND)?.click());  // once the canvas has noted the stroke
            parentElement.more += 1;
            look();
        }
        drawing = false;
    }

    function lock(event) {
        const button = event.target.closest?.("button");
        if (button && data.replacing.some((key) => button.closest(`.st-key-${key}`))) {
            parentElement.lockedAt = data.nonce;
            Object.assign(place()?.style ?? {}, LOCKED);
        }
    }

    const observer = new MutationObserver(look);
    observer.observe(document.body, {childList: true, subtree: true});
    const heard = [["pointerdown", begin], ["mouseup", end], ["touchend", end], ["click", lock]];
    for (const [kind, listener] of heard) window.addEventListener(kind, listener, true);
    look();
    if (parentElement.lockedAt !== data.nonce) Object.assign(place()?.style ?? {}, OPEN);
    function stop() {
        observer.disconnect();
        cancelAnimationFrame(frame);
        for (const [kind, listener] of heard) window.removeEventListener(kind, listener, true);
    }

    parentElement.stopListening = stop;
    return stop;
}

function name(element, role, label) {
    element?.setAttribute("role", role);
    element?.setAttribute("aria-label", label);
}
