/**
 * {@code plumbline bench proxy}: the agent, nginx and the origin alone, side by side in one run.
 */
package dev.plumbline.agent.bench;
