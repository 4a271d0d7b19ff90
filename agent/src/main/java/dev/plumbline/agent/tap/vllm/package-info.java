/**
 * Hidden states from vLLM: by {@code extract_hidden_states} and its files, or by a capture plugin's
 * {@code activations}.
 */
package dev.plumbline.agent.tap.vllm;
