/**
 * When to intervene: a state machine over scores and rates, with all time passed in. Knows nothing
 * of HTTP, clocks or threads.
 */
package dev.plumbline.mitigations.trigger;
