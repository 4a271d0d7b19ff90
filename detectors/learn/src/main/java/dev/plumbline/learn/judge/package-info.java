/**
 * How aligned and how coherent answers are, by a judge behind an endpoint or by the organism's
 * table, and what share is emergently misaligned.
 */
package dev.plumbline.learn.judge;
