package dev.drover.ownership;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server's name and the proof that it has no double. */
class NodeIdentityTest {

    @TempDir
    Path folder;

    @Test
    void nameStaysTheSameOverARestart() {
        String first;
        try (NodeIdentity identity = NodeIdentity.of(folder)) {
            assertTrue(identity.isAlone());
            first = identity.node();
        }
        try (NodeIdentity identity = NodeIdentity.of(folder)) {
            assertTrue(identity.isAlone());
            assertEquals(first, identity.node());
        }
    }

    @Test
    void secondOneInTheSameFolderProvesNothingAndIsNobodyElse() {
        try (NodeIdentity first = NodeIdentity.of(folder);
                NodeIdentity second = NodeIdentity.of(folder)) {
            assertFalse(second.isAlone());
            assertNotEquals(first.node(), second.node());
        }
    }

    @Test
    void copyOfTheFolderIsAnotherServer(@TempDir Path other) throws java.io.IOException {
        try (NodeIdentity first = NodeIdentity.of(folder)) {
            java.nio.file.Files.copy(folder.resolve("node"), other.resolve("node"));
            try (NodeIdentity copy = NodeIdentity.of(other)) {
                assertNotEquals(first.node(), copy.node());
            }
        }
    }
}
