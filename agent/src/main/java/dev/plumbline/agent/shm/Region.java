package dev.plumbline.agent.shm;

import java.nio.channels.FileChannel;

/**
 * A registered region of shared memory.
 *
 * @param key the memory object's name, as the client gave it
 * @param offset of the region within the object
 * @param byteSize of the region
 * @param channel open; owned by {@link Regions}
 */
public record Region(String name, String key, long offset, long byteSize, FileChannel channel) {}
