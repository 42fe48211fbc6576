// A photo is shrunk on the device and drawn anew, which leaves place and camera behind; only then is it kept.
import { word } from "./words.js";

const LONGEST_SIDE = 1600;
const LARGEST_SOURCE = 40 * 1024 * 1024;

function loaded(file) {
  return new Promise((resolve, reject) => {
    const image = new Image();
    image.onload = () => resolve(image);
    image.onerror = () => reject(new Error("not a picture"));
    image.src = URL.createObjectURL(file);
  });
}

// → bytes of a JPEG of at most 1600 pixels; throws for what is no picture
export async function shrunk(file) {
  if (file.size > LARGEST_SOURCE) {
    throw new Error("too large");
  }
  const image = await loaded(file);
  const scale = Math.min(1, LONGEST_SIDE / Math.max(image.naturalWidth, image.naturalHeight));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(image.naturalWidth * scale));
  canvas.height = Math.max(1, Math.round(image.naturalHeight * scale));
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  URL.revokeObjectURL(image.src);
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.8));
  return new Response(blob).arrayBuffer();
}

export class Camera {
  // element: holds the file input and the strip of pictures; note(fields): keeps a photo
  constructor(element, { sheet, aspect, attempt, kind, note }) {
    Object.assign(this, { element, sheet, aspect, attempt, kind, note });
    element.hidden = false;
    this.input = element.querySelector("input[type=file]");
    if (this.input) {
      this.input.addEventListener("change", () => this.take());
      this.input.addEventListener("keydown", (event) => event.stopPropagation());
    }
  }

  async take() {
    const file = this.input.files[0];
    this.input.value = "";
    if (!file) {
      return;
    }
    try {
      const bytes = await shrunk(file);
      const { sheet, aspect, attempt } = this;
      const kept = await this.note({ kind: "photo", photo: this.kind, sheet, aspect, attempt, text: "", bytes });
      this.show(kept);
    } catch (problem) {
      this.say(word("note_not_a_picture"));
    }
  }

  show(note) {
    const figure = document.createElement("img");
    figure.alt = word("photo");
    figure.src = URL.createObjectURL(new Blob([note.bytes], { type: "image/jpeg" }));
    figure.dataset.photo = note.uuid;
    this.element.querySelector("[data-photos]").append(figure);
    this.say(word("kept"));
  }

  answered(receipt) {
    this.say(receipt.status === "refused" ? receipt.message : word("stored"));
  }

  say(text) {
    this.element.querySelector("[data-photo-receipt]").textContent = text;
  }
}
