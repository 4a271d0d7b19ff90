package dev.plumbline.agent.adapters;

import java.util.Objects;

/**
 * The adapter an origin is to have.
 *
 * @param name what the server is to call it; llama.cpp and LoRAX have no names
 * @param path of its folder or file, as the server sees it; empty where the server has it by itself
 */
public record WantedAdapter(String name, String path) {
  public WantedAdapter {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(path, "path");
  }
}
