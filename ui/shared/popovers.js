// Lets popovers be used without a mouse. Streamlit draws an open one at the end of the page, far from its button in the order
// of Tab, leaves the focus on the button, and loses it when the popover closes. Here the focus goes into a popover that was
// opened by key, Tab leads from its last control to what follows the button, and the button gets the focus back.
// One that is a choice among buttons closes at a click on one of them, without waiting for the server.
const BODY = "[data-testid='stPopoverBody']", OPEN = "[data-testid='stPopoverButton'][aria-expanded='true']";
const CHOICE = `${BODY} [class*='st-key-digits_'] button`;
const CONTROLS = "a[href], button, input, select, textarea, [tabindex]";

export default function ({parentElement}) {
    parentElement.stopLeading?.();
    let body = null, button = null, asked = false, inside = false;

    function look() {
        const found = document.querySelector(BODY);
        if (found !== body) {
            if (!found && inside && document.activeElement === document.body) button?.focus();
            body = found;
            button = document.querySelector(OPEN);
            inside = false;
            asked = !!found && document.activeElement === button && button.matches(":focus-visible");
        }
        if (asked && controls().length) {  // they may come a little later
            asked = false;
            controls()[0].focus();
        }
    }

    function controls() {
        const all = [...(body?.querySelectorAll(CONTROLS) ?? [])];
        // What opens the popover takes its controls out of the order of Tab while the focus is elsewhere, and notes that.
        const reached = (each) => each.tabIndex >= 0 || each.hasAttribute("data-tabindex");
        return all.filter((each) => reached(each) && !each.disabled && each.getClientRects().length);
    }

    function lead(event) {
        const all = event.key === "Tab" ? controls() : [], now = document.activeElement;
        if (!all.length) return;
        if (now === button && !event.shiftKey) {
            event.preventDefault();
            all[0].focus();
        } else if (now === all[0] && event.shiftKey) {
            event.preventDefault();
            button?.focus();
        } else if (now === all.at(-1) && !event.shiftKey) {
            button?.focus();  // from where Tab itself goes on
        }
    }

    function choose(event) {
        if (event.target.closest?.(CHOICE)) setTimeout(() => button?.click());  // once the choice has been sent
    }

    function note() {
        asked = false;
        inside = !!body?.contains(document.activeElement);
    }

    const observer = new MutationObserver(look);
    observer.observe(document.body, {childList: true, subtree: true});
    document.addEventListener("keydown", lead, true);
    document.addEventListener("focusin", note, true);
    document.addEventListener("click", choose);
    look();
    function stop() {
        observer.disconnect();
        document.removeEventListener("keydown", lead, true);
        document.removeEventListener("focusin", note, true);
        document.removeEventListener("click", choose);
    }

    parentElement.stopLeading = stop;
    return stop;
}
