/** From held-out aligned answers to scales, scores and thresholds. */
package dev.plumbline.core.calibrate;
