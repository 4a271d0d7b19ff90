/**
 * Finetunes of a frozen chat model: low-rank adapters, one rank-1 adapter, a steering vector; with
 * a per-token KL to the base, preventative steering, and trainings that resume to the same bytes.
 */
package dev.plumbline.learn.finetune;
