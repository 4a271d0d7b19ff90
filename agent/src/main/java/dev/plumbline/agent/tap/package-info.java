/** Sources of hidden states for exchanges that somebody else answers: the port only. */
package dev.plumbline.agent.tap;
