/** {@code plumbline trigger}: thresholds tuned on recordings, and a scripted day. */
package dev.plumbline.agent.triggers;
