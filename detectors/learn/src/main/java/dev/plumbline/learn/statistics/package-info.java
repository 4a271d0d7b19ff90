/**
 * Streaming sufficient statistics of hidden states, their exact merge and their file, and what can
 * be estimated from them alone.
 */
package dev.plumbline.learn.statistics;
