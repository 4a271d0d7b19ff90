/** Continuous batches of generations and reads over one decoder, on one thread of their own. */
package dev.plumbline.torch.serve;
