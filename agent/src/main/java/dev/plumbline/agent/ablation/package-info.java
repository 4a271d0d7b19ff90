/** The port to answers without the direction: how an origin is asked for them. */
package dev.plumbline.agent.ablation;
