/** Hidden states from SGLang's {@code return_hidden_states}. */
package dev.plumbline.agent.tap.sglang;
