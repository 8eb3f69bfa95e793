// What the scripts of moving pictures share: their life on the page, their controls, and the sentence that is said.
const CALM = matchMedia("(prefers-reduced-motion: reduce)");
const SVG = "http://www.w3.org/2000/svg";
const REST = 500;  // ms in which nothing moves, before a screen reader is told what is to be seen

// Draws a picture once for each data that it gets: a run of the page that changes nothing leaves it as it is.
// draw(root, data, say) builds it and returns what stops its motion; once it is off the page it stops by itself.
function moving({data, parentElement}, draw) {
    const known = JSON.stringify(data);
    const there = parentElement.querySelector(".moving");
    if (!there || parentElement.known !== known) {
        parentElement.halt?.();
        there?.remove();
        const root = add(parentElement, "div", {class: "moving", role: "group", "aria-label": data.name});
        const said = add(root, "p", {class: "said", role: "status", "aria-live": "polite"});
        let timer = 0;
        const say = (text) => {
            clearTimeout(timer);
            timer = setTimeout(() => { if (said.textContent !== text) said.textContent = text; }, REST);
        };
        parentElement.known = known;
        parentElement.halt = draw(root, data, say) ?? (() => {});
    }
}

function set(element, attributes) {
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
}

function add(parent, name, attributes = {}, text = "") {
    const element = set(document.createElement(name), attributes);
    element.textContent = text;
    return parent.appendChild(element);
}

function addSvg(parent, name, attributes = {}, text = "") {
    const element = set(document.createElementNS(SVG, name), attributes);
    element.textContent = text;
    return parent.appendChild(element);
}

// A slider with its name and its value in words; `tell` gives the words. Its `move` sets it as a hand would.
function addRange(parent, name, {min, max, step = 1, value}, tell, act) {
    const label = add(parent, "label", {class: "range"}), head = add(label, "span");
    add(head, "span", {}, name);
    const words = add(head, "output", {"aria-hidden": true});
    const input = add(label, "input", {type: "range", min, max, step, "aria-label": name});
    const show = () => {
        words.textContent = tell(Number(input.value));
        input.setAttribute("aria-valuetext", words.textContent);
    };
    const range = {
        input, words,
        get value() { return Number(input.value); },
        put(number) { input.value = number; show(); },
        move(number) { range.put(number); act(range.value); },
    };
    input.addEventListener("input", () => { show(); act(range.value); });
    range.put(value);
    return range;
}

function addButton(parent, name, act, attributes = {}) {
    const button = add(parent, "button", {type: "button", ...attributes}, name);
    button.addEventListener("click", act);
    return button;
}

// Buttons of which one is pressed; act gets its place.
function addChoice(parent, name, options, act) {
    const row = add(parent, "div", {class: "row", role: "group", "aria-label": name});
    const press = (chosen) => {
        buttons.forEach((each, i) => each.setAttribute("aria-pressed", i === chosen));
        act(chosen);
    };
    const buttons = options.map((option, i) => addButton(row, option, () => press(i), {"aria-pressed": i === 0}));
    return {row, press};
}

// Calls draw(width) now and whenever the width of an element changes.
function fitted(element, draw) {
    let width = 0;
    const look = () => {
        const now = Math.floor(element.clientWidth);
        if (now && now !== width) draw(width = now);
    };
    const observer = new ResizeObserver(look);  // goes with the element
    observer.observe(element);
    look();
}

// Calls tick(seconds since the last) for each frame, until it returns false or the root has left the page; returns what
// stops it.
function animate(root, tick) {
    let frame = 0, last = null;
    const next = (now) => {
        if (!root.isConnected) return;
        const passed = last === null ? 0 : Math.min(0.1, (now - last) / 1000);
        last = now;
        if (tick(passed) !== false) frame = requestAnimationFrame(next);
    };
    frame = requestAnimationFrame(next);
    return () => cancelAnimationFrame(frame);
}

// Lets a part of an SVG be dragged sideways; act gets the place of the pointer in px from the left of the SVG.
function draggable(part, svg, act) {
    part.addEventListener("pointerdown", (event) => {
        event.preventDefault();
        part.setPointerCapture(event.pointerId);
    });
    part.addEventListener("pointermove", (event) => {
        if (part.hasPointerCapture(event.pointerId)) act(event.clientX - svg.getBoundingClientRect().left);
    });
}

function bytesOf(text) {
    return Uint8Array.from(atob(text), (each) => each.charCodeAt(0));
}

function wordsOf(text) {
    const bytes = new DataView(bytesOf(text).buffer);
    return Uint16Array.from({length: bytes.byteLength / 2}, (_, i) => bytes.getUint16(2 * i, true));
}

// A digit of 28 x 28 pixels, light on black; its `show` takes grey values from 0 to 255.
function addDigit(parent, side, name) {
    const canvas = add(parent, "canvas", {width: 28, height: 28, class: "digit", role: "img", "aria-label": name});
    canvas.style.width = canvas.style.height = `${side}px`;
    const pen = canvas.getContext("2d"), image = pen.createImageData(28, 28);
    const show = (greys) => {
        greys.forEach((grey, i) => image.data.set([grey, grey, grey, 255], 4 * i));
        pen.putImageData(image, 0, 0);
    };
    return {canvas, show};
}
