/** When modes are raised: the triggers of routes and conversations, fed and asked. */
package dev.plumbline.agent.enforce.trigger;
