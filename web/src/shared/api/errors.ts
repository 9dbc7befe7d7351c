import type { Problem } from "./types";

export type FieldProblem = { pointer: string; code: string; detail: string };

/** A refusal that the server explained (`application/problem+json`). `code` is stable; `detail` is for people. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly fields: readonly FieldProblem[];
  /** The whole answer: some codes carry members of their own (`ticket`, `methods`, `until`). */
  readonly members: Readonly<Record<string, unknown>>;

  constructor(problem: Partial<Problem> & { status: number }) {
    super(problem.detail || problem.title || `HTTP ${problem.status}`);
    this.status = problem.status;
    this.code = problem.code ?? "unknown";
    this.detail = problem.detail || problem.title || "";
    this.fields = problem.errors ?? [];
    this.members = { ...problem };
  }

  /** The code of the first complaint about a field, found by the last part of its pointer (`/email`). */
  field(name: string): FieldProblem | undefined {
    return this.fields.find((field) => field.pointer.split("/").pop() === name);
  }
}

/** The server could not be reached at all. */
export class NetworkError extends Error {
  override readonly name = "NetworkError";
  readonly code = "network";
}

export async function problemFrom(response: Response): Promise<ApiError> {
  const body: unknown = await response.json().catch(() => null);
  const problem = typeof body === "object" && body !== null ? (body as Partial<Problem>) : {};
  return new ApiError({ ...problem, status: response.status });
}

export function isNotFound(error: unknown): error is ApiError {
  return error instanceof ApiError && error.status === 404;
}
