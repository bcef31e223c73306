import { Component, type ReactNode } from 'react';
import { ErrorState } from './error-state.tsx';

interface ShownOrErrorProps {
  /** What is shown: "This result". */
  readonly what: string;
  readonly children: ReactNode;
}

/** Keeps a fault in drawing one thing from taking the page around it. Given another key it tries again. */
export class ShownOrError extends Component<ShownOrErrorProps, { readonly error: unknown }> {
  override readonly state: { readonly error: unknown } = { error: null };

  static getDerivedStateFromError(error: unknown): { readonly error: unknown } {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return (
      <ErrorState
        error={error}
        title={`${this.props.what} can’t be shown.`}
        onRetry={() => this.setState({ error: null })}
      />
    );
  }
}
