package dev.plumbline.agent.fleet.hazelcast;

import com.hazelcast.nio.serialization.FieldKind;
import com.hazelcast.nio.serialization.compact.CompactReader;
import com.hazelcast.nio.serialization.compact.CompactSerializer;
import com.hazelcast.nio.serialization.compact.CompactWriter;

/**
 * The compact form of an {@link Entry}: type {@code plumbline.fleet.entry}, fields {@code version}
 * and {@code oldest} (int32; without the second it is the first) and {@code bytes} (array of int8).
 * Fields a later build adds are skipped; one that is not there reads as version 0 and no bytes,
 * which nobody takes for anything.
 */
final class EntrySerializer implements CompactSerializer<Entry> {
  static final String TYPE = "plumbline.fleet.entry";
  static final String VERSION = "version";
  static final String OLDEST = "oldest";
  static final String BYTES = "bytes";

  @Override
  public Entry read(CompactReader reader) {
    boolean whole =
        reader.getFieldKind(VERSION) == FieldKind.INT32
            && reader.getFieldKind(BYTES) == FieldKind.ARRAY_OF_INT8;
    byte[] bytes = whole ? reader.readArrayOfInt8(BYTES) : null;
    if (bytes == null) {
      return new Entry(0, new byte[0]);
    }
    int version = reader.readInt32(VERSION);
    boolean told = reader.getFieldKind(OLDEST) == FieldKind.INT32;
    return new Entry(version, told ? reader.readInt32(OLDEST) : version, bytes);
  }

  @Override
  public void write(CompactWriter writer, Entry entry) {
    writer.writeInt32(VERSION, entry.version());
    writer.writeInt32(OLDEST, entry.oldest());
    writer.writeArrayOfInt8(BYTES, entry.bytes());
  }

  @Override
  public String getTypeName() {
    return TYPE;
  }

  @Override
  public Class<Entry> getCompactClass() {
    return Entry.class;
  }
}
