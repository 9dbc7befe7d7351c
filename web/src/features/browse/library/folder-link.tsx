import { Link } from "@tanstack/react-router";
import { ChevronRight, Folder } from "lucide-react";

/** A row that leads into a folder. */
export function FolderLink({ folder }: { folder: { id: string; name: string } }) {
  return (
    <li className="min-w-0">
      <Link
        to="/folders/$folderId"
        params={{ folderId: folder.id }}
        className="-mx-2 flex min-h-14 items-center gap-4 rounded-md px-2 font-semibold hover:bg-hover"
      >
        <Folder aria-hidden className="size-6 shrink-0 text-muted" />
        <span className="min-w-0 flex-1 truncate" dir="auto">
          {folder.name}
        </span>
        <ChevronRight aria-hidden className="flip-rtl size-5 shrink-0 text-muted" />
      </Link>
    </li>
  );
}
