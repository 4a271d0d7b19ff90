/** From one readout per token to one number per prefix of an answer. */
package dev.plumbline.core.pooling;
