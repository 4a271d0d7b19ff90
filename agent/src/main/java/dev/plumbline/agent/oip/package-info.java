/**
 * The agent as a model of the Open Inference Protocol, {@code plumbline}: hidden states in, their
 * projection, score, verdict and ablated form out. REST and gRPC on one port of its own.
 */
package dev.plumbline.agent.oip;
