/**
 * General against narrow solutions of one task: efficiency, stability, reversion, significance,
 * their geometry, and the turn that training takes (Soligo et al. 2026; Turner et al. 2025).
 */
package dev.plumbline.learn.compare;
