import { post } from './api.js';
import { h, toast } from './dom.js';
import { icon } from './icons.js';
import { isDm, state } from './state.js';

const read = (file) =>
  new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () =>
      resolve({
        name: file.name,
        mimetype: file.type || undefined,
        content_base64: String(reader.result).split(',')[1] ?? '',
      });
    reader.onerror = () => reject(new Error(`${file.name} could not be read.`));
    reader.readAsDataURL(file);
  });

/** The box to write in. `where()` gives `{channel, thread}`; `sent(answer)` is told after a message. */
export function composer(where, sent, placeholder) {
  let files = [];
  const chips = h('div', { class: 'chips' });
  const text = h('textarea', {
    class: 'composer-text',
    rows: 1,
    placeholder: placeholder(),
    'aria-label': 'Message',
    onkeydown: onKey,
    oninput: grow,
  });
  const picker = h('input', {
    type: 'file',
    multiple: true,
    hidden: true,
    onchange: async (event) => {
      try {
        files = [...files, ...(await Promise.all([...event.target.files].map(read)))];
        showFiles();
      } catch (error) {
        toast(error.message, 'error');
      }
    },
  });
  const stop = h('button', { class: 'quiet-button stop', hidden: true, onclick: onStop }, [
    icon('stop'),
    ' Stop',
  ]);
  const root = h(
    'div',
    { class: 'composer' },
    chips,
    text,
    h(
      'div',
      { class: 'composer-foot' },
      h(
        'button',
        { class: 'icon-button', 'aria-label': 'Attach a file', onclick: () => picker.click() },
        icon('clip'),
      ),
      picker,
      h('button', { class: 'quiet-button', onclick: mention }, '@Psi'),
      h('button', { class: 'quiet-button', onclick: () => put('/psi ') }, '/psi'),
      h('button', { class: 'quiet-button', onclick: askAnything }, 'Ask Psi'),
      stop,
      h('span', { class: 'spacer' }),
      h('button', { class: 'button primary send', onclick: send }, 'Send'),
    ),
  );

  function showFiles() {
    chips.replaceChildren(
      ...files.map((file, index) =>
        h(
          'span',
          { class: 'chip' },
          file.name,
          h(
            'button',
            {
              'aria-label': `Remove ${file.name}`,
              onclick: () => {
                files = files.filter((_, at) => at !== index);
                showFiles();
              },
            },
            icon('close'),
          ),
        ),
      ),
    );
  }
  function grow() {
    text.style.height = 'auto';
    text.style.height = `${Math.min(text.scrollHeight, 180)}px`;
  }
  function put(value) {
    text.value = value;
    text.focus();
    grow();
  }
  function mention() {
    if (!/@psi\b/i.test(text.value)) put(`@Psi ${text.value}`);
    else text.focus();
  }
  /** The app's shortcut that stands anywhere: it opens a form. */
  async function askAnything() {
    try {
      await post('/sandbox/shortcuts', { user: state.user.id, callback_id: 'ask_psi' });
    } catch (error) {
      toast(error.message, 'error');
    }
  }
  function onKey(event) {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send();
  }
  async function onStop() {
    const { channel, thread } = where();
    try {
      await post('/sandbox/stop', { user: state.user.id, channel, thread_ts: thread });
    } catch (error) {
      toast(error.message, 'error');
    }
  }
  async function send() {
    const value = text.value.trim();
    if (!value && files.length === 0) return;
    const { channel, thread } = where();
    const sending = files;
    text.value = '';
    files = [];
    grow();
    showFiles();
    try {
      const command = /^(\/[\w-]+)\s*([\s\S]*)$/.exec(value);
      if (command) {
        const answer = await post('/sandbox/commands', {
          user: state.user.id,
          channel,
          command: command[1],
          text: command[2],
        });
        if (!answer.ok) toast(answer.response, 'error');
        return;
      }
      const answer = await post('/sandbox/messages', {
        user: state.user.id,
        channel,
        text: value,
        thread_ts: thread ?? undefined,
        files: sending.length > 0 ? sending : undefined,
      });
      sent({ ...answer, thread, addressed: isDm(channel) || /@psi\b/i.test(value) });
    } catch (error) {
      put(value);
      files = sending;
      showFiles();
      toast(error.message, 'error');
    }
  }
  return {
    root,
    put,
    say: (value) => {
      put(value);
      send();
    },
    focus: () => text.focus(),
    working: (yes) => {
      stop.hidden = !yes;
    },
  };
}
