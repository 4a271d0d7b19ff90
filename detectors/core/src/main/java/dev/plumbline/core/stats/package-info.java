/** Figures with intervals, and the splits and controls that keep them honest. */
package dev.plumbline.core.stats;
