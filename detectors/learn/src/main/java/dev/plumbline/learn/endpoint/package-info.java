/** Any server that speaks the OpenAI chat-completions form, asked with bounds and deadlines. */
package dev.plumbline.learn.endpoint;
