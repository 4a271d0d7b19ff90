package dev.plumbline.agent.fleet;

import dev.plumbline.mitigations.trigger.TriggerState;

/**
 * Where a member's own trigger of a route stands, by its own evidence. What it does because others
 * found something is no finding: else two members would keep each other active for ever.
 *
 * @param state of its trigger
 * @param under the sequence number of the operator's last command on the route; 0 for none
 */
record Finding(TriggerState state, long under) {}
