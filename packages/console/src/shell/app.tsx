import { QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { ApiError } from '@longshore/client';
import { ErrorState, ToastProvider } from '../design/index.ts';
import { clientOf, ownBaseUrl } from '../environments/connection.ts';
import { EnvironmentsProvider } from '../environments/index.ts';
import { router } from './router.tsx';

const RETRIES = 2;

/** What a server refuses is not asked again; what may pass by itself is. */
const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 2000,
      retry: (failures, error) => failures < RETRIES && !(error instanceof ApiError && error.status < 500),
    },
  },
});

export const App = () => (
  <QueryClientProvider client={queries}>
    <ToastProvider>
      <Start />
    </ToastProvider>
  </QueryClientProvider>
);

function Start() {
  const settings = useQuery({
    queryKey: ['console-settings'],
    queryFn: ({ signal }) => clientOf(ownBaseUrl()).console.settings(signal),
    staleTime: Infinity,
  });
  if (settings.error) return <ErrorState error={settings.error} onRetry={() => void settings.refetch()} />;
  if (!settings.data) return null;
  return (
    <EnvironmentsProvider settings={settings.data}>
      <RouterProvider router={router} />
    </EnvironmentsProvider>
  );
}
