/**
 * A tap on origins that hand out hidden states as tensors of the Open Inference Protocol: reads
 * them out of answers, and takes the direction out of them. Bytes in, bytes out.
 */
package dev.plumbline.agent.tap.oip;
