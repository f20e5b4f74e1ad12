import { htmlEscape } from 'escape-goat';
import { page } from '../pages';
import type { Preview } from './preview';

/** All previews on one page: what a reader gets, in both parts, beside what it is made of. */
export function previewsPage(previews: Preview[]): string {
  const emails = [...Map.groupBy(previews, ({ name }) => name)];
  const links = emails.map(([name]) => htmlEscape`<a href="#${name}">${name}</a>`);
  const content = `
      <p class="quiet">Every e-mail that coolriel sends, made of its samples. Nothing is sent here.</p>
      <nav aria-label="E-mails">${links.join('\n')}</nav>
${emails.map(([, samples]) => emailSection(samples)).join('\n')}`;
  return page({ title: 'Previews', path: '/previews', content });
}

function emailSection(samples: Preview[]): string {
  const { name, on } = samples[0];
  return (
    htmlEscape`
      <section id="${name}" aria-labelledby="${name}-heading">
        <h2 id="${name}-heading">${name}</h2>
        <p class="quiet">Made on each <code>${on}</code>.</p>` +
    samples.map(sampleCard).join('') +
    `
      </section>`
  );
}

function sampleCard({ name, sample, recipient, subject, text }: Preview): string {
  const html = `/previews/${name}?sample=${sample}`;
  const plain = `/previews/${name}/text?sample=${sample}`;
  // The line break after <pre> is not part of its text.
  return htmlEscape`
        <article class="card sample" aria-label="${name}, ${sample}">
          <h3>${sample}</h3>
          <dl>
            <dt>To</dt>
            <dd>${recipient ?? 'nobody: it is not sent'}</dd>
            <dt>Subject</dt>
            <dd lang="fr-CA">${subject}</dd>
          </dl>
          <div class="parts">
            <figure>
              <figcaption><a href="${html}">HTML</a></figcaption>
              <iframe sandbox loading="lazy" src="${html}" title="${name}, ${sample}: the HTML"></iframe>
            </figure>
            <figure>
              <figcaption><a href="${plain}">Plain text</a></figcaption>
              <pre lang="fr-CA">
${text}</pre>
            </figure>
          </div>
        </article>`;
}
