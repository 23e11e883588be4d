// An answer is given, and taken back, without leaving the page. Without this script the form does the same.
const place = document.getElementById("result");
let answered = null; // the form that was sent, to be put back when the answer is undone

const element = (tag, className, text) => {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
};

const link = (className, text, href) => Object.assign(element("a", className, text), { href });

async function post(address, fields) {
  const answer = await fetch(address, { method: "POST", body: fields, headers: { Accept: "application/json" } });
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.detail);
  return body;
}

function tellTrouble(beside, error) {
  const sentence = error instanceof TypeError ? "The site cannot be reached. Your answer was not sent." : error.message;
  place.querySelector(".notice")?.remove();
  const notice = element("p", "notice bad", sentence);
  notice.setAttribute("role", "alert");
  beside.before(notice);
}

function thank(told) {
  const block = element("div", "thanks", "");
  const heading = element("h2", "", told.thanks);
  heading.tabIndex = -1;
  const actions = element("div", "actions", "");
  const undo = element("button", "quiet", "Undo");
  undo.addEventListener("click", () => takeBack(told.undo, undo));
  actions.append(link("button primary", `Next: ${told.next.name}`, told.next.url), undo);
  const more = element("p", "quiet small", "Follow it under ");
  more.append(link("", "Your answers", place.dataset.history), ", or keep ", link("", "its own page", told.story), ".");
  block.append(heading, element("p", "quiet", told.prospect), actions, more);
  return block;
}

async function give(form, answer) {
  const fields = new FormData(form);
  fields.set("answer", answer);
  try {
    const block = thank(await post(form.action, fields));
    answered = form;
    form.replaceWith(block);
    block.querySelector("h2").focus();
  } catch (error) {
    tellTrouble(form, error);
  }
}

async function takeBack(address, button) {
  const fields = new FormData();
  fields.set("csrf_token", answered.elements.csrf_token.value);
  try {
    await post(address, fields);
    button.closest(".thanks").replaceWith(answered);
    answered.querySelector("button").focus();
  } catch (error) {
    tellTrouble(button.closest(".actions"), error);
  }
}

place.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches(".answers") || !form.elements.token) return; // guess.js sends it once the token is there
  event.preventDefault();
  give(form, event.submitter.value);
});
