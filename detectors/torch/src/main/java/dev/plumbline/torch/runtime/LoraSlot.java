package dev.plumbline.torch.runtime;

/**
 * The four products of a layer that may carry a low-rank update, as the program fuses them: q, k
 * and v are one product, gate and up another.
 */
public enum LoraSlot {
  QKV,
  OUT,
  GATE_UP,
  DOWN
}
