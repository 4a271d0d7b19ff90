package dev.plumbline.torch.text;

/**
 * Keeps DJL from the network: no natives fetched, no call home. Must run before DJL's first class
 * does.
 */
final class Offline {
  private Offline() {}

  static void enforce() {
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
  }
}
