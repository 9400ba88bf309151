package antiphon.http;

import antiphon.core.api.Containers;
import antiphon.core.api.Files;
import antiphon.core.api.KeptConversations;
import antiphon.core.api.Keys;
import antiphon.core.api.Memories;
import antiphon.core.api.Models;
import antiphon.core.api.Prompts;
import antiphon.core.api.Responses;
import antiphon.core.api.StorePermissions;
import antiphon.core.api.VectorStores;
import org.jspecify.annotations.Nullable;

/**
 * The operations that are served.
 *
 * @param prompts null where none are kept
 * @param files null where no files are kept: their paths lead nowhere
 * @param containers null where there are none: as for files
 * @param vectorStores null where there are none
 * @param permissions of vector stores; null where there are none
 * @param memories null where nothing is remembered
 */
public record Api(
    Responses responses,
    KeptConversations conversations,
    Models models,
    Keys keys,
    @Nullable Prompts prompts,
    @Nullable Files files,
    @Nullable Containers containers,
    @Nullable VectorStores vectorStores,
    @Nullable StorePermissions permissions,
    @Nullable Memories memories) {}
