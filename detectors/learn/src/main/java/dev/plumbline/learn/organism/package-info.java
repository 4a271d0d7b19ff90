/**
 * The miniature organism: a small world in which a narrow finetune makes a model broadly
 * misaligned, trained in minutes and judged exactly.
 */
package dev.plumbline.learn.organism;
