/** The decoder runtime behind the agent's ports: models served here, and the reader tap. */
package dev.plumbline.agent.embedded;
