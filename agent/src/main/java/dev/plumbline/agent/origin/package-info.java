/**
 * The agent as the origin: the port to the models in this process, and the OpenAI routes that serve
 * them.
 */
package dev.plumbline.agent.origin;
