/** Whole checkpoints with a direction taken out of every residual writer. */
package dev.plumbline.export.checkpoint;
