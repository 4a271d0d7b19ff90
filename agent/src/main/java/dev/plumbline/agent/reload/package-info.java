/** Reads the configuration again and puts what may change live in force. */
package dev.plumbline.agent.reload;
