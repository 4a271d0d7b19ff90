/**
 * The servers behind the proxy: which of them takes a request, how they are, and which way each
 * hands over its hidden states.
 */
package dev.plumbline.agent.origins;
