/** {@code plumbline evaluate mitigation}: what an ablation removes, beside what it costs. */
package dev.plumbline.learn.mitigate;
