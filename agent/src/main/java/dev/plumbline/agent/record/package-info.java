/** Exchanges kept as JSON lines, and read again through another tap or direction. */
package dev.plumbline.agent.record;
